import { keepingGrounds } from "../../request-law/grounds.ts";
import type { Remainder } from "../erasure/remainder.ts";
import { letterDay } from "../package/letter/compose-letter.ts";
import type { LetterSection } from "../package/letter/letter.ts";
import { fill, type LetterTexts } from "../package/letter/letter-texts.ts";
import { tellGround } from "../package/letter/tell-ground.ts";
import type { AnswerFacts } from "./answer-facts.ts";

/** What is gone. Several keys of one policy are one line. */
export function erasedSection(facts: AnswerFacts, t: LetterTexts): LetterSection {
  const { erased, redacted, earlier, remains, backupsUntil, controller } = facts;
  const e = t.answer.erased;
  const number = new Intl.NumberFormat(t.locale);
  const day = (at: string) => letterDay(facts, t, new Date(at));
  const items = [
    ...erased.map(({ target, policy, destroyedAt }) =>
      fill(e.key, { target, policy, day: day(destroyedAt) }),
    ),
    ...redacted.map(({ target, events }) => fill(e.clear, { target, events: number.format(events) })),
    ...earlier.map((request) => fill(e.earlier, { request })),
  ];
  const nothing = remains.length > 0 ? e.nothingYet : t.decision.nothing;
  return {
    heading: e.heading,
    paragraphs: [
      ...(items.length === 0 ? [nothing] : []),
      ...(erased.length > 0 ? [e.unreadable] : []),
      ...(backupsUntil === null ? [] : [fill(e.backups, { day: day(backupsUntil) })]),
      fill(e.certificate, { contact: controller.contact }),
    ],
    items: [...new Set(items)],
  };
}

/** What a law, a hold or a restriction keeps; null where that is nothing. */
export function keptSection(facts: AnswerFacts, t: LetterTexts): LetterSection | null {
  if (facts.remains.length === 0) return null;
  const { heading, byItself } = t.answer.kept;
  const items = facts.remains.map((one) => tellKept(facts, t, one));
  return { heading, paragraphs: [byItself], items: [...new Set(items)] };
}

function tellKept(facts: AnswerFacts, t: LetterTexts, one: Remainder): string {
  const { key, clear, until, restriction, quarantine } = t.answer.kept;
  const { target, policy, ground, events } = one;
  const number = new Intl.NumberFormat(t.locale);
  const what =
    events === null
      ? fill(key, { target, policy })
      : fill(clear, { target, policy, events: number.format(events) });
  if (ground === "restriction") return `${what}: ${restriction}`;
  if (ground === "quarantine") return `${what}: ${quarantine}`;
  const { floor, hold } = keepingGrounds[facts.regime];
  const why = tellGround(ground === "floor" ? floor : hold, facts);
  if (ground === "hold") return `${what}: ${why}`;
  const law = facts.controller.policies[policy]?.floorLaw;
  const day = one.until === null ? "" : `, ${fill(until, { day: letterDay(facts, t, new Date(one.until)) })}`;
  return `${what}${day}: ${why}${law ? ` ${fill(t.storage.law, { law })}` : ""}`;
}
