import { world } from "./world.ts";

/** Stops the audit server, as an operator would. @returns when that began, and when nothing could answer any more */
export async function stopAuditServer(): Promise<{ from: Date; to: Date }> {
  const from = new Date();
  await control("/stop");
  return { from, to: new Date() };
}

/** Starts it again; resolves when it takes connections. */
export async function startAuditServer(): Promise<void> {
  await control("/start");
}

async function control(path: string): Promise<void> {
  const answer = await fetch(`${world().controlUrl}${path}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the audit server did not ${path.slice(1)}: ${await answer.text()}`);
}
