import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { lastLines } from "./install.mjs";
import { capture } from "./run.mjs";
import { fail, say } from "./say.mjs";

/** What the tests need of the system: Debian's package, and how to see that it is there. */
const packages = [
  { name: "chromium", stages: ["e2e"], present: () => onPath("chromium") || onPath("chromium-browser") },
  {
    name: "postgresql-15",
    stages: ["db", "e2e"],
    present: () => existsSync("/usr/lib/postgresql/15/bin/postgres"),
  },
  {
    name: "postgresql-15-partman",
    stages: ["db"],
    present: () => existsSync("/usr/share/postgresql/15/extension/pg_partman.control"),
  },
  { name: "redis-server", stages: ["db", "e2e"], present: () => onPath("redis-server") },
  { name: "pgbouncer", stages: ["db", "e2e"], present: () => onPath("pgbouncer") },
  { name: "prometheus-alertmanager", stages: ["db"], present: () => onPath("prometheus-alertmanager") },
  { name: "openssl", stages: ["db"], present: () => onPath("openssl") },
];

/** Installs the system packages that these stages need and that are missing, or says exactly how and ends with 2. */
export async function installSystemPackages(stages) {
  const names = missing(stages);
  if (names.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${names.join(" ")}`;
  if (!onPath("apt-get")) {
    fail(
      `The tests need ${names.join(", ")} (Debian's names; chromium, PostgreSQL 15, pg_partman, Redis, PgBouncer, Alertmanager, OpenSSL), ` +
        "and this system has no apt-get. Install them with its package manager and run npm test again.",
      2,
    );
  }
  const asRoot = process.getuid() === 0 ? [] : ["sudo", "-n"];
  if (asRoot.length > 0 && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status !== 0) {
    fail(
      `The tests need ${names.join(", ")}, and this user may not install them. Run this, then npm test again:\n\n` +
        `  sudo apt-get update && sudo ${install}`,
      2,
    );
  }
  say(`installing system packages: ${names.join(", ")} (apt-get${asRoot.length > 0 ? " through sudo" : ""})`);
  const heartbeat = setInterval(() => say("still installing system packages"), 10_000);
  const [command, ...args] = [...asRoot, "sh", "-c", script(install)];
  const { code, output } = await capture(command, args);
  clearInterval(heartbeat);
  const left = missing(stages);
  if (code !== 0 || left.length > 0) {
    fail(
      `${lastLines(output, 15)}\n\n${left.join(", ")} could not be installed (apt-get ended with ${code}). ` +
        `Mend that, or install them by hand (sudo ${install}), and run npm test again.`,
      2,
    );
  }
  say("system packages installed");
}

function missing(stages) {
  return packages
    .filter((one) => one.stages.some((stage) => stages.includes(stage)) && !one.present())
    .map((one) => one.name);
}

/** The tests start their own servers; the packages' services are kept from starting while they are installed. */
function script(install) {
  return `
    set -e
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\\nexit 101\\n' > $policy
      chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    ${install}`;
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/bin"];
  return folders.some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}
