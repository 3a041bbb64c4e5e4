import { z } from "zod";
import { listActions } from "../../admin.ts";
import { roleNames } from "../../auth/roles.ts";
import type { AdminAction } from "../../verbs/admin-action.ts";
import { instant, problemContent } from "../parts.ts";

export type Verb = AdminAction<z.ZodType, unknown>;

const done = ({ answer }: Verb) =>
  z.object({
    data: answer ?? z.unknown(),
    jobId: z.uuid().optional().meta({ description: "The job that goes on with it" }),
  });

const awaited = z
  .object({
    data: z.object({
      approvalId: z.uuid(),
      approverRole: z.enum(["viewer", "operator", "privacy_officer", "admin"]),
      expiresAt: instant,
    }),
    awaitsApproval: z.literal(true),
  })
  .meta({ id: "AwaitsApproval", description: "Nothing was done yet: somebody else must approve it" });

const problems = {
  400: "The input is malformed; `errors` names each field",
  401: "Neither a valid token nor a session",
  403: "The role, the token's targets or a missing person do not reach, or the person must prove first that it is they (`REAUTHENTICATE`; `hint` has the page)",
  404: "There is no such object",
  409: "In conflict with the present state",
  413: "More than 64 KiB",
  429: "More actions of this person or token within a minute than API_ACTIONS_PER_MINUTE; see Retry-After",
  422: "The server or the console lacks what this needs",
  503: "A database cannot be reached; see Retry-After",
} as const;

/** `POST /api/v1/actions/{name}` for every verb that the API offers, by its path. */
export function actionPaths() {
  return Object.fromEntries(
    listActions()
      .filter(([, { notOffered }]) => notOffered?.api === undefined)
      .map(([name, action]) => [`/api/v1/actions/${name}`, { post: actionOperation(name, action) }]),
  );
}

/** The operation of one verb. */
export function actionOperation(name: string, action: Verb) {
  const { approval } = action;
  return {
    operationId: name,
    summary: `${action.name}, recorded in the activity log`,
    description: describe(action),
    tags: ["act"],
    requestBody: { required: true, content: { "application/json": { schema: action.input } } },
    responses: {
      200: { description: "Done", content: { "application/json": { schema: done(action) } } },
      202: {
        description: approval ? "It waits for an approval" : "Begun: a job goes on with it",
        content: { "application/json": { schema: approval ? awaited : done(action) } },
      },
      ...Object.fromEntries(
        Object.entries(problems).map(([status, description]) => [
          status,
          { description, content: problemContent },
        ]),
      ),
    },
  };
}

function describe({ role, target, person, approval, reauthenticate }: Verb): string {
  return [
    `Needs the role ${roleNames[role]}.`,
    target
      ? `A token may be limited to the target${target === true ? "" : ", unless it is `*`"}.`
      : "Not for tokens that are limited to targets.",
    person || approval ? "Only for people and tokens that a person made." : "",
    approval ? `Runs once somebody else with the role ${roleNames[approval.role]} has approved it.` : "",
    reauthenticate
      ? `Not for tokens: people prove first that it is they, on the page ${reauthenticate}.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}
