import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = {
  "@": path.resolve(import.meta.dirname),
  "server-only": path.resolve(import.meta.dirname, "lib/testing/server-only.ts"),
};
const ignored = ["**/node_modules/**", "**/.next/**", "**/.data/**", "e2e/**"];

/** The longest files of the database stage, so that none is begun when the others are done. */
const longest = [
  "lib/demo/main",
  "lib/cli/cli",
  "lib/start/main",
  "lib/worker",
  "lib/cli/events-export",
  "lib/queries/statements",
  "lib/jobs/lost-workers",
  "lib/cli/events-import",
  "lib/cli/cache",
  "lib/start/embedded/cluster/cluster",
  "lib/cli/events-search",
  "lib/audit-db/connect",
  "lib/replication/standbys",
  "lib/audit-db/pool/pool-endings",
  "lib/collector/sampling/collector",
  "lib/demo/backfill",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.db.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...ignored, "**/*.db.test.ts"],
          environment: "node",
          // Pure functions: starting a process and loading modules anew for each file takes longer than its tests.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 30_000,
          expect: { requireAssertions: true },
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude: ignored,
          globalSetup: ["lib/testing/clusters.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { requireAssertions: true },
          // Half of the time is waiting for servers and children: three use two cores.
          maxWorkers: 3,
        },
      },
    ],
  },
});
