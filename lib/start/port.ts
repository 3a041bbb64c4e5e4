import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./refusal.ts";

/**
 * Proves that the address can be listened on. `patienceMs`: how long an occupied port may take to become free
 * (processes of an instance that was killed need a moment to notice).
 * @throws Refusal that says what to do.
 */
export async function requireFreePort(host: string, port: number, patienceMs = 0): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const code = await tryListen(host, port);
    if (code === null) return;
    if (code === "EADDRINUSE" && Date.now() < until) {
      await sleep(250);
      continue;
    }
    throw portRefusal(code, host, port);
  }
}

/** A loopback port that is free now: the preferred one if it can be had. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryListen("127.0.0.1", preferred)) === null) return preferred;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address
          ? resolve(address.port)
          : reject(new Error("no port was given")),
      );
    });
  });
}

function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/** What to do when listening there failed with this code. */
export function portRefusal(code: string, host: string, port: number): Refusal {
  return new Refusal(explain(code, host, port));
}

function explain(code: string, host: string, port: number): string {
  if (code === "EADDRINUSE") {
    return (
      `Port ${port} on ${host} is in use by another program. Stop that program ` +
      `(\`ss -ltnp 'sport = :${port}'\` names it), or choose another port, for example: PORT=${port + 1} npm start`
    );
  }
  if (code === "EACCES") {
    return `Port ${port} may not be used by this user (ports below 1024 are the system's). Choose another, for example: PORT=3000 npm start`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `${host} is not an address of this machine. Set HOST to one that is: 127.0.0.1 for this machine only, 0.0.0.0 for every network.`;
  }
  return `The console cannot listen on ${host}:${port} (${code}). Set HOST and PORT to an address that is free and start again.`;
}
