import { requestActor } from "@/app/session";
import { holdsMetricsToken, metricsContentType, renderMetrics } from "@/lib/api/metrics/render-metrics";
import { thrownProblem } from "@/lib/api/problem";
import { type Actor, systemActor } from "@/lib/auth/actor";
import { assertCan } from "@/lib/auth/roles";
import { checks } from "@/lib/checks";
import { consoleDb } from "@/lib/db/console-db";
import { env } from "@/lib/env";
import { createReadContext } from "@/lib/run-read";
import { samplers } from "@/lib/samplers";

export const dynamic = "force-dynamic";

/** Figures for Prometheus, to whoever has METRICS_TOKEN, an API token or a session: of the targets they may see. */
export async function GET(request: Request): Promise<Response> {
  try {
    const actor = await scrapedBy(request);
    const text = await renderMetrics({
      targets: env()
        .targets.map(({ name }) => name)
        .filter((name) => !actor.targets || actor.targets.includes(name)),
      openConsole: consoleDb,
      samplers,
      checks,
      statusOf: (target) => createReadContext(actor, { target }).audit.status(),
    });
    return new Response(text, {
      headers: { "content-type": metricsContentType, "cache-control": "no-store" },
    });
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "metrics" });
  }
}

/** @throws AppError UNAUTHENTICATED, FORBIDDEN */
async function scrapedBy(request: Request): Promise<Actor> {
  if (holdsMetricsToken(request.headers.get("authorization"), env().METRICS_TOKEN))
    return systemActor("metrics");
  const actor = await requestActor(request);
  assertCan(actor, "viewer", { remembered: true });
  return actor;
}
