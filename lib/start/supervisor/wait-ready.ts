import { setTimeout as sleep } from "node:timers/promises";
import { portRefusal } from "../port.ts";
import { Refusal } from "../refusal.ts";
import type { Child } from "./child.ts";

const deadlineMs = 90_000;
const toleratedFailures = 3;

/**
 * Waits until the pages say that they are ready. `host` and `port`: where they were told to listen; `saysListening`:
 * their process says it when it does, so that another console that answers there is not taken for it.
 * @throws Refusal that names the port when another program took it meanwhile; with the process's own words when it
 * keeps dying or never becomes ready.
 */
export async function waitReady(options: {
  url: string;
  host: string;
  port: number;
  web: Child;
  saysListening: boolean;
  signal: AbortSignal;
}): Promise<void> {
  const { url, web, signal } = options;
  const until = Date.now() + deadlineMs;
  let said = "nothing";
  while (Date.now() < until && web.failures < toleratedFailures && !signal.aborted) {
    if (web.failures > 0 && web.output.includes("EADDRINUSE"))
      throw portRefusal("EADDRINUSE", options.host, options.port);
    if (web.listening || !options.saysListening) {
      try {
        const response = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(5_000) });
        if (response.ok) return;
        said = `status ${response.status}: ${(await response.text()).slice(0, 300)}`;
      } catch {
        // Not listening yet.
      }
    }
    await sleep(150);
  }
  if (signal.aborted) return;
  const output = web.output.trim();
  throw new Refusal(
    web.failures >= toleratedFailures
      ? `The pages' process keeps ending. Its last words:\n${output}`
      : `The pages did not become ready within ${deadlineMs / 1_000} s (${url}/api/health/ready answered ${said}).` +
          (output ? ` Their process wrote:\n${output}` : ""),
  );
}
