export const dynamic = "force-dynamic";

/** The process is alive. For a supervisor that restarts what does not answer. */
export function GET(): Response {
  return Response.json({ alive: true }, { headers: { "cache-control": "no-store" } });
}
