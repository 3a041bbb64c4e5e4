import { world } from "./world.ts";

/** kill -9, as the machine's memory might run out. */
export async function stopRedis(): Promise<void> {
  await control("stop");
}

/** Starts it again, empty; resolves when it answers. */
export async function startRedisAgain(): Promise<void> {
  await control("start");
}

async function control(verb: "stop" | "start"): Promise<void> {
  const answer = await fetch(`${world().controlUrl}/redis/${verb}`, { method: "POST" });
  if (!answer.ok) throw new Error(`Redis did not ${verb}: ${await answer.text()}`);
}
