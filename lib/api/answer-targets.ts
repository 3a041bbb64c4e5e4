import type { Actor } from "../auth/actor.ts";
import { env } from "../env.ts";
import type { ReadResult } from "../result.ts";
import { runRead } from "../run-read.ts";
import type { Endpoint } from "./endpoint.ts";
import { parseQuery } from "./parse-query.ts";
import { problemResponse, thrownProblem } from "./problem.ts";

/** Answers the list of targets that the actor may see, each with its state. Never throws. */
export async function answerTargets(
  endpoint: Endpoint,
  request: { actor: Actor; url: string },
): Promise<Response> {
  try {
    parseQuery(endpoint.query, new URL(request.url).searchParams);
    const { actor } = request;
    const visible = env().targets.filter(({ name }) => !actor.targets || actor.targets.includes(name));
    const results = await Promise.all(
      visible.map(({ name }) => runRead(actor, { name: endpoint.read, target: name, input: {} })),
    );
    const refused = results.find((result) => !result.ok);
    if (refused && !refused.ok) return problemResponse(refused.error);
    const answered = results.filter((result): result is ReadResult<unknown> & { ok: true } => result.ok);
    return Response.json(
      {
        data: answered.map(({ data }) => data),
        observedAt: new Date(),
        source: answered[0]?.source ?? "configuration",
      },
      { headers: { "cache-control": "no-store" } },
    );
  } catch (thrown) {
    return thrownProblem(thrown, { read: endpoint.read });
  }
}
