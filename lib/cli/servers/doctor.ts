import { Command } from "commander";
import { connect } from "../../audit-db/connect.ts";
import type { TargetStatus } from "../../audit-db/target-facts.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { getCapabilities } from "../../capabilities/get-capabilities.ts";
import { getConfiguredFeatures } from "../../capabilities/get-configured-features.ts";
import type { Capability } from "../../capability.ts";
import { type ConsoleDb, openConsoleDb } from "../../db/console-db.ts";
import { consoleDbError } from "../../db/errors.ts";
import type { Env } from "../../env/parse.ts";
import type { Target } from "../../env/targets.ts";
import { exitStatus } from "../../errors.ts";
import { findLostKeys, type WrappedKeys } from "../../key-store/find-lost-keys.ts";
import { findMasterKeys } from "../../key-store/open-master-keys.ts";
import { action, type CliContext, someTargets } from "../command.ts";
import { urlTarget } from "../input/url-target.ts";
import type { Output } from "../output/output.ts";
import { silent } from "../silent.ts";
import { describeAddresses, type NamedAddress, tellAddresses } from "./described-addresses.ts";

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("what is reachable, granted and missing, and the SQL or setting that mends it")
    .option("--url <url>", "examine this PostgreSQL instead of the configured ones")
    .action(
      action<{ url?: string }>(async (context, { url }) => {
        const { out, env } = context;
        const targets = url ? [urlTarget(url)] : someTargets(context);
        const consoleDatabase = url ? null : await examineConsole(env);
        const examined = await Promise.all(targets.map((target) => examine(target, env)));
        out.document({ console: consoleDatabase, targets: examined });
        if (consoleDatabase) tellConsole(out, consoleDatabase);
        for (const target of examined) tell(context, target);
        return Math.max(...examined.map(exitOf), exitOfConsole(consoleDatabase));
      }),
    );
}

interface Examined {
  name: string;
  addresses: NamedAddress[];
  status: TargetStatus;
  capabilities: Capability[];
}

async function examine(target: Target, env: Env): Promise<Examined> {
  const addresses = describeAddresses(target);
  const audit: AuditDb = connect({
    target: target.name,
    urls: {
      watch: target.watchUrl,
      replicas: target.replicaUrls,
      ...(target.readerUrl && { read: target.readerUrl }),
      ...(target.writerUrl && { write: target.writerUrl }),
      ...(target.maintenanceUrl && { maintenance: target.maintenanceUrl }),
      ...(target.privacyUrl && { privacy: target.privacyUrl }),
      ...(target.explainUrl && { explain: target.explainUrl }),
    },
    logger: silent,
  });
  try {
    const configured = await getConfiguredFeatures(target, env.REDIS_URL, env.MASTER_KEY_FILE);
    const { data } = await getCapabilities(audit, configured, new Date());
    return { name: target.name, addresses, status: audit.status(), capabilities: data.capabilities };
  } finally {
    await audit.close();
  }
}

interface ExaminedConsole {
  configured: boolean;
  reason: string | null;
  /** The keys it holds and which do not open; null without master keys or its tables. */
  keys: WrappedKeys | null;
}

async function examineConsole(env: Env): Promise<ExaminedConsole> {
  if (!env.CONSOLE_DATABASE_URL) return { configured: false, reason: null, keys: null };
  const database: ConsoleDb = openConsoleDb(env.CONSOLE_DATABASE_URL, { max: 1 });
  try {
    await database.sql`select 1`;
    const masterKeys = findMasterKeys(env);
    // A master key file that cannot be read is told with the capability that needs it.
    const keys = masterKeys ? await findLostKeys(database.sql, masterKeys).catch(() => null) : null;
    return { configured: true, reason: null, keys };
  } catch (thrown) {
    return { configured: true, reason: consoleDbError(thrown).message, keys: null };
  } finally {
    await database.close();
  }
}

function tellConsole(out: Output, { configured, reason, keys }: ExaminedConsole): void {
  const state = reason
    ? out.colors.red(reason)
    : configured
      ? "reachable"
      : "not set; `npm start` brings an embedded one";
  out.line(`Console database: ${state}`);
  if (keys && keys.count > 0) out.line(`  Keys: ${keys.count.toLocaleString("en")} wrapped by master keys`);
  for (const { masterKeyId, count } of keys?.lost ?? [])
    out.line(
      out.colors.red(
        `  ${count.toLocaleString("en")} keys do not open: the master key ${masterKeyId} is not at hand. Restore the master key file's backup that has it.`,
      ),
    );
  out.line();
}

const areas = {
  server: "Server",
  statistics: "Statistics",
  audit: "Audit schema",
  connections: "Connections",
  console: "Console",
};

function tell({ out }: CliContext, { name, addresses, status, capabilities }: Examined): void {
  const { colors } = out;
  const reachable =
    status.state === "up" ? colors.green("reachable") : colors.red(status.reason ?? status.state);
  out.line(`${colors.bold(name)}: ${reachable}`);
  tellAddresses(out, addresses);
  const asked = capabilities.filter((c) => c.state !== "unknown" || status.state === "up");
  for (const [area, title] of Object.entries(areas)) {
    const inArea = asked.filter((c) => c.area === area);
    if (inArea.length > 0) out.line(`  ${title}`);
    for (const capability of inArea)
      out.line(`    ${mark(out, capability)} ${capability.title}: ${colors.dim(capability.evidence)}`);
  }
  const unasked = capabilities.length - asked.length;
  if (unasked > 0) out.line(`  ${unasked} features of the server could not be examined.`);
  const missing = capabilities.filter((c) => c.state === "missing" && c.enable);
  if (missing.length > 0) out.line("  To enable what is missing");
  for (const { title, purpose, enable } of missing) {
    out.line(`    ${title} (${purpose.replace(/\.$/, "")})`);
    out.line(`      ${colors.cyan(enable ?? "")}`);
  }
  out.line();
}

function mark({ colors }: Output, { state, required }: Capability): string {
  if (state === "present") return colors.green("present");
  if (state === "unknown") return colors.yellow("unknown");
  return required ? colors.red("missing") : colors.yellow("missing");
}

function exitOfConsole(examined: ExaminedConsole | null): number {
  return examined?.reason || examined?.keys?.lost.length ? exitStatus.UNAVAILABLE : 0;
}

/** Optional features may be missing; what cannot be watched at all is a failure. */
function exitOf({ status, capabilities }: Examined): number {
  const broken = capabilities.some((c) => c.required && c.state === "missing");
  if (broken || status.cause === "unsupported" || status.cause === "pooler") return exitStatus.UNSUPPORTED;
  return status.state === "up" ? 0 : exitStatus.UNAVAILABLE;
}
