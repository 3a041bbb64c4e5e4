import { consoleDb } from "@/lib/db/console-db.ts";
import { getReadiness } from "@/lib/start/get-readiness.ts";

export const dynamic = "force-dynamic";

/** 200 when people can be served, 503 with what is missing when not. For a load balancer. */
export async function GET(): Promise<Response> {
  const readiness = await getReadiness(consoleDb());
  return Response.json(readiness, {
    status: readiness.ready ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
