import type { AdminOutput } from "../../admin.ts";
import { stateNames } from "../../request-law/states.ts";
import type { RequestDetail } from "../../requests/get-request.ts";
import type { CliContext } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";

/** Characters of what people typed, in a line. */
const widest = 300;
const when = (iso: string) => timeText(new Date(iso));

/** A request as the terminal shows it. @param opened who asks, where that was looked at */
export function tellRequest(
  { out }: CliContext,
  request: RequestDetail,
  opened: AdminOutput<"viewRequestPerson"> | undefined,
): void {
  const { clock, decision, next } = request;
  const lines: [string, string | null][] = [
    ["request", `#${request.number} ${request.kind}, ${request.regime}`],
    ["state", `${stateNames[request.state]} (${request.state})`],
    ["next", next && `${next.words}${next.verb ? ` (${next.verb})` : ""}`],
    [
      "needs",
      request.lacksController ? "a controller: it cannot be carried out before (setController)" : null,
    ],
    ["received", `${when(request.receivedAt)} by ${request.channel}, ${request.submittedBy}`],
    ["due", dueText(request)],
    ["extend by", clock.extendBy],
    ["acknowledge by", clock.acknowledgeBy],
    ["targets", request.targets.join(", ")],
    ["organisations", request.organizations.join(", ") || "every one"],
    ["reference", request.reference],
    ["decided", request.decidedAt && `${when(request.decidedAt)} by ${request.decidedBy}`],
    ["refused for", decision?.ground ?? null],
    ["problem", request.problem],
    ["same as", request.duplicateOf === null ? null : `#${request.duplicateOf}`],
    ["version", String(request.version)],
  ];
  out.table(
    ["", ""],
    lines.flatMap(([name, text]) => (text === null ? [] : [[name, text]])),
  );
  for (const { target, policy, decision: what, ground } of decision?.parts ?? [])
    out.line(`${policy} on ${target}: ${what}${ground ? ` (${ground})` : ""}`);
  if (opened) tellPerson(out, opened.person);
  out.table(
    ["at", "what", "to", "by", ...(opened ? ["typed"] : [])],
    request.timeline.map(({ id, at, kind, to, by, facts }) => [
      when(at),
      kind === "moved" ? String(facts.command ?? kind) : kind,
      to ?? "",
      by,
      ...(opened ? [oneLine(opened.texts[id] ?? "", widest)] : []),
    ]),
  );
}

function dueText({ dueOn, standing, daysLeft }: RequestDetail): string | null {
  if (standing !== null) return `nothing counts: waits for ${standing}`;
  if (dueOn === null || daysLeft === null) return dueOn;
  return `${dueOn}, ${daysLeft < 0 ? `${-daysLeft} d late` : `${daysLeft} d left`}`;
}

function tellPerson(out: CliContext["out"], person: AdminOutput<"viewRequestPerson">["person"]): void {
  for (const { kind, value } of person.identifiers) out.line(`${kind}: ${oneLine(value, widest)}`);
  if (person.name !== null) out.line(`name: ${oneLine(person.name, widest)}`);
  if (person.contact !== null) out.line(`contact: ${oneLine(person.contact, widest)}`);
  if (person.letter !== null) out.line(`letter: ${oneLine(person.letter, widest)}`);
}
