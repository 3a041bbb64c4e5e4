import { requestActor } from "@/app/session";
import { holdsMetricsToken, metricsContentType, renderMetrics } from "@/lib/api/metrics/render-metrics";
import { thrownProblem } from "@/lib/api/problem";
import { systemActor } from "@/lib/auth/actor";
import { assertCan } from "@/lib/auth/roles";
import { consoleDb } from "@/lib/db/console-db";
import { env } from "@/lib/env";
import { createReadContext } from "@/lib/run-read";
import { samplers } from "@/lib/samplers";

export const dynamic = "force-dynamic";

/** Figures for Prometheus, to whoever has METRICS_TOKEN, an API token or a session. */
export async function GET(request: Request): Promise<Response> {
  try {
    if (!holdsMetricsToken(request.headers.get("authorization"), env().METRICS_TOKEN))
      assertCan(await requestActor(request), "viewer");
    const asking = systemActor("metrics");
    const text = await renderMetrics({
      env: env(),
      openConsole: consoleDb,
      samplers,
      statusOf: (target) => createReadContext(asking, { target }).audit.status(),
    });
    return new Response(text, {
      headers: { "content-type": metricsContentType, "cache-control": "no-store" },
    });
  } catch (thrown) {
    return thrownProblem(thrown);
  }
}
