import { type CapabilityCheck, grantToWatcher, stateOf, whyUnasked } from "../capability.ts";
import type { CapabilityFacts } from "../capability-facts.ts";
import { judgeExplainRole } from "./judge-explain-role.ts";
import { addToPreloadLibraries } from "./preload-libraries.ts";

/** What statement statistics and plans rest on. */
export const queriesCapabilities: CapabilityCheck[] = [
  {
    id: "pg_stat_statements_installed",
    area: "statistics",
    title: "Extension pg_stat_statements installed",
    purpose: "Queries: top statements by time, calls, rows, IO; statement history and plans.",
    needs: "CREATE EXTENSION in the watched database, once",
    examine(facts) {
      const { server, features } = facts;
      const installed = server?.extensions.pg_stat_statements;
      return {
        state: stateOf(server, () => installed !== undefined),
        evidence: !server
          ? whyUnasked(facts)
          : installed
            ? `version ${installed.version} in schema ${installed.schema}`
            : features?.statementsAvailable === false
              ? "The server's packages do not offer it (contrib is not installed)"
              : `Not installed in database ${server.database}`,
        enable: "CREATE EXTENSION pg_stat_statements;",
      };
    },
  },
  {
    id: "pg_stat_statements_preloaded",
    area: "statistics",
    title: "pg_stat_statements preloaded",
    purpose: "The extension counts only when the server loads it at its start.",
    needs: "shared_preload_libraries contains pg_stat_statements; a restart",
    examine(facts) {
      const { features } = facts;
      const libraries = features?.preloadLibraries ?? null;
      const setting = libraries === null ? "" : ` (shared_preload_libraries = '${libraries}')`;
      return {
        state: stateOf(features, ({ statementsLoaded }) => statementsLoaded),
        evidence: features
          ? `The server has ${features.statementsLoaded ? "" : "not "}loaded it${setting}`
          : whyUnasked(facts),
        enable: preloadSetting(libraries),
      };
    },
  },
  {
    id: "pg_stat_statements_readable",
    area: "statistics",
    title: "pg_stat_statements readable",
    purpose: "Other users' statements and their texts, not only our own.",
    needs: "pg_read_all_stats (part of pg_monitor)",
    examine: (facts) => ({ ...readStatements(facts), enable: enableReading(facts) }),
  },
  {
    id: "explain_url",
    area: "connections",
    title: "Explain connection",
    purpose: "Queries: plans of recorded statements.",
    needs: "A login with SELECT on tables and no other right",
    examine: ({ explain }) => judgeExplainRole(explain),
  },
];

function readStatements(facts: CapabilityFacts) {
  const { server, features } = facts;
  if (!features) return { state: "unknown", evidence: whyUnasked(facts) } as const;
  if (!server?.extensions.pg_stat_statements)
    return { state: "missing", evidence: "The extension is not installed" } as const;
  if (features.statementsProblem !== null)
    return { state: "missing", evidence: features.statementsProblem } as const;
  return features.readAllStats
    ? ({ state: "present", evidence: "It answers, with every user's statements" } as const)
    : ({ state: "missing", evidence: "It answers, but only our own statements carry a text" } as const);
}

function enableReading(facts: CapabilityFacts): string {
  const { server, features } = facts;
  if (!features?.statementsLoaded) return preloadSetting(features?.preloadLibraries ?? null);
  return server?.extensions.pg_stat_statements
    ? grantToWatcher("pg_read_all_stats", facts)
    : "CREATE EXTENSION pg_stat_statements;";
}

function preloadSetting(current: string | null): string {
  return current === null
    ? "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';  -- with what SHOW shared_preload_libraries lists already; then restart the server"
    : `ALTER SYSTEM SET shared_preload_libraries = ${addToPreloadLibraries(current)};  -- then restart the server`;
}
