import path from "node:path";
import { createMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import type { Env } from "../../env/parse.ts";
import { applyConsoleMigrations } from "../embedded/console-database.ts";
import { writeDemoHistory } from "../embedded/demo-history.ts";
import { type EmbeddedServers, startEmbedded } from "../embedded/embedded.ts";
import { watchClusters } from "../embedded/watch-clusters.ts";
import { patiently } from "../patiently.ts";
import { requireFreePort } from "../port.ts";
import { address, buildEnv, childrenEnv, localAddress, webEnv } from "../settings/children-env.ts";
import { prepareDataDir } from "../settings/data-dir.ts";
import { type ChildName, environmentOf, runtimeEnvironment } from "../settings/disclosure.ts";
import type { Environment } from "../settings/environment.ts";
import { chooseRung, type Rung, readOnlyTargets } from "../settings/rung.ts";
import { generatedMasterKeyFile, loadSecrets, type Secrets } from "../settings/secrets.ts";
import type { Say } from "../terminal.ts";
import { buildPages } from "./build-pages.ts";
import { type Child, startChild } from "./child.ts";
import { firstSignIn } from "./first-sign-in.ts";
import { lockInstance } from "./instance-lock.ts";
import { probeTargets } from "./probe-targets.ts";
import { restartOnChange } from "./reload.ts";
import type { Resources } from "./resources.ts";
import { removeRuntime, writeRuntime } from "./runtime.ts";
import { waitReady } from "./wait-ready.ts";

/** How long the processes of a killed instance may take to notice and free the port. */
const orphanPatienceMs = 8_000;

export interface StartOptions {
  mode: "start" | "dev";
  env: Env;
  begunAt: number;
  say: Say;
  /** Filled as things come up; the caller stops them, also when this throws or is interrupted. */
  resources: Resources;
  signal: AbortSignal;
}

const root = path.resolve(import.meta.dirname, "../../..");
const resolveOnce = path.resolve(import.meta.dirname, "../../resolve-once.ts");
const prepareWeb = path.resolve(import.meta.dirname, "../prepare-web.ts");

/**
 * Climbs the start-up ladder: checks, build, embedded servers, migrations, first administrator, processes.
 * Returns when people can sign in.
 * @throws Refusal in one paragraph when something stands in the way
 */
export async function supervise(options: StartOptions): Promise<void> {
  const { env, say, resources, signal } = options;
  const rung = chooseRung(env);
  const web = env.ROLE !== "worker";
  const worker = env.ROLE !== "web";

  const secrets = rung === "production" ? null : claimDataDir(env, resources);
  if (web) await requireFreePort(env.HOST, env.PORT, secrets?.previousDied ? orphanPatienceMs : 0);
  say(describeRung(rung, env));
  if (web && options.mode === "start") {
    await buildPages({
      root,
      env: buildEnv(env, secrets?.secrets ?? null),
      anyKey: !env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
      begunAt: options.begunAt,
      signal,
    });
  }
  if (signal.aborted) return;

  let embedded: EmbeddedServers | null = null;
  if (rung !== "production" && secrets) {
    embedded = await startEmbedded({
      rung,
      dataDir: env.dataDir,
      secrets: secrets.secrets,
      say,
      started: (name, cluster) => resources.clusters.set(name, cluster),
    });
  }
  const environment = childrenEnv(env, rung, embedded);
  const consoleUrl = environment.CONSOLE_DATABASE_URL ?? "";
  say("bringing the console's database up to date");
  await applyConsoleMigrations(consoleUrl);
  // What ran out of time was rolled back: nobody was made.
  const signIn = await patiently(
    () => firstSignIn(consoleUrl, { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD }),
    { say, signal, after: ["TIMEOUT", "OVERLOADED"] },
  );
  if (!signIn) return;
  if (signIn.holdsPassword) resources.parting = signIn.text;
  if (signal.aborted) return;

  if (embedded?.demo)
    await writeDemoHistory({
      demo: embedded.demo,
      consoleUrl,
      masterKeyFile: environment.MASTER_KEY_FILE ?? "",
      dataDir: env.dataDir,
      say,
      signal,
    });
  if (signal.aborted) return;
  // The build and the servers took their time: another instance may have begun beside this one.
  if (web) await requireFreePort(env.HOST, env.PORT);
  const probes = probeTargets(env.targets);
  const children = startProcesses(options, environment, {
    web,
    worker,
    demo: rung === "demo" && env.DEMO === "on",
  });
  resources.children.push(...children);
  if (embedded) {
    writeRuntime(env.dataDir, {
      address: web ? address(env) : null,
      environment: runtimeEnvironment(environment),
    });
    resources.endings.push(() => removeRuntime(env.dataDir), watchClusters(embedded.clusters, say));
  }
  if (options.mode === "dev") {
    const ours = children.filter((child) => child.name !== "web");
    resources.endings.push(restartOnChange(path.join(root, "lib"), ours));
  }
  for (const line of await probes) say(line);
  const pages = children.find((child) => child.name === "web");
  if (pages) {
    say("waiting for the pages");
    await waitReady({
      url: localAddress(env),
      host: env.HOST,
      port: env.PORT,
      web: pages,
      // Next's development server listens in a process of its own.
      saysListening: options.mode === "start",
      signal,
    });
  }
  if (signal.aborted) return;
  for (const child of children) child.show();
  resources.parting = "";
  if (pages) say(`ready: open ${address(env)} and ${signIn.text}`);
  else
    say(
      `ready: the worker runs (no pages: ROLE=worker)${signIn.holdsPassword ? `; later, ${signIn.text}` : ""}`,
    );
}

/** The data folder for this process alone, and the secrets in it. */
function claimDataDir(env: Env, resources: Resources): { secrets: Secrets; previousDied: boolean } {
  prepareDataDir(env.dataDir);
  const lock = lockInstance(env.dataDir);
  resources.release = lock.release;
  const secrets = loadSecrets(env.dataDir);
  if (!env.MASTER_KEY_FILE) createMasterKeyFile(generatedMasterKeyFile(env.dataDir));
  return { secrets, previousDied: lock.previousDied };
}

function startProcesses(
  { env: { HOST, PORT }, mode, say }: StartOptions,
  environment: Environment,
  wanted: { web: boolean; worker: boolean; demo: boolean },
): Child[] {
  const start = (name: ChildName, command: string[], quietUntilShown = false) =>
    startChild({
      name,
      command,
      cwd: root,
      env: environmentFor(mode, name, environment),
      say,
      quietUntilShown,
    });
  const next = ["node_modules/next/dist/bin/next", mode, `--hostname=${HOST}`, `--port=${PORT}`];
  return [
    ...(wanted.web ? [start("web", mode === "start" ? ["--import", prepareWeb, ...next] : next, true)] : []),
    ...(wanted.worker ? [start("worker", ["--import", resolveOnce, "lib/worker.ts"])] : []),
    ...(wanted.demo ? [start("demo", ["--import", resolveOnce, "lib/demo/main.ts"])] : []),
  ];
}

/** What one process is told. Next compiles pages on demand only outside production. */
function environmentFor(mode: StartOptions["mode"], name: ChildName, environment: Environment): Environment {
  const disclosed = environmentOf(name, environment);
  if (mode === "dev") return { ...disclosed, NODE_ENV: "development" };
  return name === "web" ? webEnv(disclosed) : disclosed;
}

function describeRung(rung: Rung, env: Env): string {
  if (rung === "demo") {
    return "nothing to watch is configured: starting the demo, on databases of its own (set AUDIT_DATABASE_URL to watch yours)";
  }
  const names = env.targets.map((target) => target.name).join(", ");
  if (rung === "production") return `watching ${names}; the console's state is in CONSOLE_DATABASE_URL`;
  const { leftOut } = readOnlyTargets(env.targets);
  return (
    `watching ${names}, read-only; the console's state is in an embedded database under ${env.dataDir}` +
    (leftOut ? ". Writer, maintenance and privacy URLs are ignored until CONSOLE_DATABASE_URL is set" : "")
  );
}
