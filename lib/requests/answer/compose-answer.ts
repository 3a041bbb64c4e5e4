import {
  complaintSection,
  contactSection,
  letterDay,
  letterFrame,
  requestLaw,
} from "../package/letter/compose-letter.ts";
import type { Letter, LetterSection } from "../package/letter/letter.ts";
import { fill, type LetterTexts, letterTexts } from "../package/letter/letter-texts.ts";
import { tellGround } from "../package/letter/tell-ground.ts";
import { type AnswerFacts, outcomeOf } from "./answer-facts.ts";
import { erasedSection, keptSection } from "./erasure-sections.ts";

/**
 * The answer to a person whose request was refused, wholly or in part, or who was erased: what was decided on which ground,
 * what is gone, what is kept until when, or why it waits, where they may complain and that a court may be asked. Pure.
 */
export function composeAnswer(facts: AnswerFacts): Letter {
  const { kind, number, receivedAt } = facts;
  const t = letterTexts(facts.language);
  const a = t.answer;
  const outcome = outcomeOf(facts);
  const carriedOut = kind === "erasure" && outcome !== "refused";
  return {
    ...letterFrame(facts, t),
    title: fill(a.title, { number }),
    subject: fill(a.subject, {
      number,
      receivedOn: letterDay(facts, t, receivedAt),
      what: a.what[kind],
      law: requestLaw(facts, t),
    }),
    intro: a.intro[facts.waiting ? "waiting" : outcome],
    sections: [
      decision(facts, t),
      ...(carriedOut ? [erasedSection(facts, t), keptSection(facts, t)].filter((one) => one !== null) : []),
      complaintSection(facts, t),
      contactSection(facts, t),
    ],
    missing: a.missing,
  };
}

function decision(facts: AnswerFacts, t: LetterTexts): LetterSection {
  const { heading } = t.decision;
  const { refused, refusedParts, partly, granted, waiting } = t.answer.decision;
  if (facts.ground !== null) return { heading, paragraphs: [refused, tellGround(facts.ground, facts)] };
  const outcome = outcomeOf(facts);
  const yet = facts.waiting ? [waiting] : [];
  if (outcome === "granted") return { heading, paragraphs: [granted, ...yet] };
  const items = facts.parts
    .filter((part) => part.decision === "refuse")
    .map(({ target, policy, ground }) =>
      fill(t.decision.part, { target, policy, ground: tellGround(ground, facts) }),
    );
  if (outcome === "refused") return { heading, paragraphs: [refusedParts], items };
  return { heading, paragraphs: [...yet, partly], items };
}
