/** Called once by Next when a server process starts; also for the Edge runtime, which has nothing of ours. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startWeb } = await import("./lib/web.ts");
  await startWeb();
}
