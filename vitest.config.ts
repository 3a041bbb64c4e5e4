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
  "lib/requests/erasure/request-proof",
  "lib/requests/scan/scan",
  "lib/partitions/killed-at-each-step",
  "lib/demo/backfill",
  "lib/healthy",
  "lib/privacy/replay-killed",
  "lib/partitions/carry-out-contended",
  "lib/partitions/carry-out-killed",
  "lib/worker",
  "lib/privacy/erasure-proof",
  "lib/cli/cli",
  "lib/requests/erasure/carry-out-killed",
  "lib/partitions/attach-redacted",
  "lib/privacy/erasure-killed",
  "lib/foreign-server",
  "lib/start/main",
  "lib/cli/cache",
  "lib/privacy/redaction-killed",
  "lib/privacy/redact-values",
  "lib/requests/package/package-killed",
  "lib/cli/events-export",
  "lib/buffers/read-cost",
  "lib/admin",
  "lib/queries/windows",
  "lib/cli/person",
  "lib/cli/channels",
  "lib/cli/jobs",
  "lib/cli/privacy-requests",
  "lib/partition-plan/default-rows/default-rows",
  "lib/alerts-through-faults",
  "lib/audit-db/replicas/failover",
  "lib/replication/standbys",
  "lib/role-settings",
  "lib/partition-plan/planners/create-strangers",
  "lib/demo/main",
  "lib/requests/erasure/carry-out",
  "lib/start/embedded/cluster/cluster",
  "lib/collector/sampling/collector",
  "lib/requests/scope/scope",
  "lib/requests/package/download-package",
  "lib/audit-db/pool/addresses",
  "lib/jobs/lost-workers",
  "lib/audit-db/replicas/routed-reads",
  "lib/cli/change-partitions",
  "lib/cli/strangers-figures",
  "lib/cli/strangers-answers",
  "lib/cli/events-search",
  "lib/audit-db/connect",
  "lib/audit-db/pool/pool-endings",
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
          // For what hangs: under load a test of seconds takes a minute.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A second, the default, is less than what busy cores may hold up a process that does well.
          expect: { requireAssertions: true, poll: { timeout: 20_000 } },
          // Half of the time is waiting for servers and children: three use two cores.
          maxWorkers: 3,
        },
      },
    ],
  },
});
