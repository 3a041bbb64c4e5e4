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
  "lib/requests/scan/scan",
  "lib/healthy",
  "lib/demo/backfill",
  "lib/partitions/killed-at-each-step",
  "lib/requests/erasure/request-proof",
  "lib/partitions/carry-out-contended",
  "lib/requests/scan/scan-processes",
  "lib/requests/scan/scan-waits",
  "lib/privacy/ledger/replay-killed",
  "lib/partitions/carry-out-killed",
  "lib/demo/main",
  "lib/role-settings",
  "lib/queries/windows",
  "lib/requests/package/package-killed",
  "lib/worker",
  "lib/requests/erasure/carry-out-killed",
  "lib/partitions/attach-redacted",
  "lib/cli/cli",
  "lib/privacy/redaction/redact-values",
  "lib/requests/erasure/carry-out",
  "lib/requests/erasure/carry-out-clear",
  "lib/privacy/erasure/erasure-killed",
  "lib/privacy/redaction/redaction-killed",
  "lib/foreign-server",
  "lib/partition-plan/default-rows/default-rows",
  "lib/alerts-through-faults",
  "lib/privacy/erasure/erasure-raced",
  "lib/audit-db/connect",
  "lib/cli/servers/cache",
  "lib/replication/standbys",
  "lib/admin",
  "lib/audit-db/pool/addresses",
  "lib/cli/partitions/change-partitions",
  "lib/start/embedded/cluster/cluster",
  "lib/requests/package/download-package",
  "lib/jobs/lost-workers",
  "lib/cli/events/events-export",
  "lib/start/main",
  "lib/collector/sampling/collector",
  "lib/audit-db/replicas/failover",
  "lib/cli/strangers-figures",
  "lib/cli/jobs/jobs",
  "lib/db/outage",
  "lib/audit-db/pool/pool-endings",
  "lib/requests/erasure/carry-out-raced",
  "lib/queries/query-plans",
  "lib/queries/statement-access",
  "lib/export/export-events",
  "app/api/v1/export",
  "lib/cli/strangers-answers",
  "lib/cli/alerts/channels",
  "lib/privacy/ledger/replay-forged",
  "lib/buffers/read-cost",
  "lib/audit-db/replicas/routed-reads",
  "lib/requests/scope/scope",
  "lib/audit-db/schema/migrate",
  "lib/ledger/gate",
  "lib/answers/redis-checks",
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

/** What the driver asks of its own accord as a socket opens: nobody waits for the answer when the client is ended meanwhile. */
const isEndedWhileOpening = (error: { code?: string; query?: string }) =>
  error.code === "CONNECTION_DESTROYED" && error.query?.includes("b.typarray") === true;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    onUnhandledError: (error) => (isEndedWhileOpening(error as { code?: string }) ? false : undefined),
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
          // For what hangs: on busy cores a test of ten seconds takes minutes.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A second, the default, is less than what busy cores may hold up a process that does well.
          expect: { requireAssertions: true, poll: { timeout: 20_000 } },
          // Half of the time is waiting for servers and children: three use two cores.
          maxWorkers: 3,
        },
      },
    ],
  },
});
