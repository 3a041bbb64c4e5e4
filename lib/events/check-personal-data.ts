import { answerOf, noneFound } from "../answer-of.ts";
import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { counted } from "../words.ts";
import { getPersonalFields, type PersonalField } from "./get-personal-fields.ts";

/** Personal data in fields that stand in clear and are sealed: no erasure reaches them. */
export const personalData = defineCheck({
  id: "events.personal_data",
  title: "Personal data in clear fields",
  source: "audit_log: the newest 200 events of the last hour, every ten minutes",
  why: "One event is one too many: what stands in clear cannot be erased with a person's key. What is found looks like an address, an IP, a telephone number or an IBAN, and may be something else: it warns, and is never critical. It stays for an hour, because the sample may miss it the next time.",
  keepFiringFor: 3_600,
  unit: "count",
  path: "events",
  runbook:
    "An application writes something that looks like a person's into fields that are not encrypted: details, target_id, outcome or correlation_id. Change it to pass it as the actor's or target's personal details, which stand encrypted under that person's key; in target_id goes the token. What is written already stays until its partition goes: note which action since when. If it is no personal data (a server's address, a sample value), set this field's limit to none, or mute it.",
  needs: "The audit schema, and SELECT on audit_log (audit_reader).",
  thresholds: { warning: 1, critical: null, direction: "rising" },
  async evaluate({ audit, now }, limitsFor) {
    const { data, observedAt } = await getPersonalFields(audit, now);
    if (data.unavailable) return cannotJudge("Clear fields cannot be looked through.", data.unavailable);
    const { database } = await audit.server();
    const none = noneFound(
      database,
      `None of ${counted(data.looked, "event")} has what looks like personal data in clear fields.`,
      "The newest events of the last hour are looked through.",
    );
    const found = data.fields.map((field) =>
      judgeField(field, data.looked, limitsFor({ kind: "field", name: `${field.action} ${field.path}` })),
    );
    return answerOf(found.length > 0 ? found : [none], { observedAt });
  },
});

function judgeField(
  { action, path, kind, events }: PersonalField,
  looked: number,
  threshold: Limits,
): ObjectState {
  return {
    object: { kind: "field", name: `${action} ${path}` },
    state: stateAt(events, threshold),
    value: events,
    threshold,
    since: null,
    words: {
      title:
        `${events} of ${counted(looked, "event")} ${events === 1 ? "has" : "have"} what looks like an ${kind} in ${path} of ${action}, in clear.`.replace(
          /an (?=telephone)/,
          "a ",
        ),
      detail:
        "Erasing a person does not reach it. Let the application pass it as personal details, which are encrypted.",
    },
  };
}
