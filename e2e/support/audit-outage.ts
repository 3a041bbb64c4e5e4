import { world } from "./world.ts";

/** Stops the audit server, as an operator would, and answers when that was. */
export async function stopAuditServer(): Promise<Date> {
  const at = new Date();
  await control("/stop");
  return at;
}

/** Starts it again; resolves when it takes connections. */
export async function startAuditServer(): Promise<void> {
  await control("/start");
}

async function control(path: string): Promise<void> {
  const answer = await fetch(`${world().controlUrl}${path}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the audit server did not ${path.slice(1)}: ${await answer.text()}`);
}
