import { isNamed } from "../../controller.ts";
import type { LetterFacts, LetterSection } from "./letter.ts";
import { cited, fill, type LetterTexts } from "./letter-texts.ts";

/** What was found, by policy and by what the person was in it. */
export function foundSection({ found }: LetterFacts, t: LetterTexts): LetterSection {
  const number = new Intl.NumberFormat(t.locale);
  const times = (name: "oldest" | "newest") => found.counts.map((one) => one[name]).sort();
  const clock = new Intl.DateTimeFormat(t.locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  });
  const moment = (at: string) => (at === "" ? "" : clock.format(new Date(at)));
  return {
    heading: t.found.heading,
    paragraphs: [
      fill(t.found.total, {
        events: number.format(found.events),
        oldest: moment(times("oldest")[0] ?? ""),
        newest: moment(times("newest").at(-1) ?? ""),
      }),
    ],
    table: {
      ...{ head: t.found.columns, shares: [11, 24, 21, 11, 16.5, 16.5], figures: [3] },
      rows: found.counts.map(({ target, policy, role, events, oldest, newest }) => [
        target,
        policy,
        t.found.roles[role],
        number.format(events),
        moment(oldest),
        moment(newest),
      ]),
    },
  };
}

const policiesOf = ({ found }: LetterFacts) => [...new Set(found.counts.map(({ policy }) => policy))].sort();
const storedOf = ({ policies }: LetterFacts, policy: string) => policies.find(({ name }) => name === policy);

/** Art. 15(1)(a) GDPR; what follows likewise, by the article of the GDPR. */
export function purposes(facts: LetterFacts, t: LetterTexts): LetterSection {
  const laws = t.laws[facts.regime];
  const items = policiesOf(facts).map((policy) => {
    const said = facts.controller.policies[policy];
    if (said)
      return fill(t.purposes.of, {
        policy,
        purposes: said.purposes.join("; "),
        basis: cited(t.bases[said.basis], laws.bases[said.basis]),
      });
    const legalBasis = storedOf(facts, policy)?.legalBasis;
    return legalBasis
      ? fill(t.purposes.unknown, { policy, legalBasis })
      : fill(t.purposes.unsaid, { policy, contact: facts.controller.contact });
  });
  return { heading: cited(t.purposes.heading, laws.purposes), paragraphs: [], items };
}

/** Art. 15(1)(b) */
export function categories({ found, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const names: Record<string, string> = t.categories.names;
  const fields = found.fields.map((field) => names[field] ?? field);
  return {
    heading: cited(t.categories.heading, t.laws[regime].categories),
    paragraphs: [
      t.categories.log,
      ...(fields.length > 0 ? [fill(t.categories.fields, { fields: fields.join(", ") })] : []),
    ],
  };
}

/** Art. 15(1)(c), (2) */
export function recipients({ controller, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const laws = t.laws[regime];
  const heading = cited(t.recipients.heading, laws.recipients);
  const told = cited(t.recipients.transfers, laws.transfers);
  const transfers = controller.transfers.map((line) => `${told}: ${line}`);
  const none = isNamed(controller) ? t.recipients.none : t.recipients.unsaid;
  if (controller.recipients.length === 0) return { heading, paragraphs: [none, ...transfers] };
  return {
    heading,
    paragraphs: [t.recipients.named],
    items: [...controller.recipients, ...transfers],
  };
}

/** Art. 15(1)(d) */
export function storage(facts: LetterFacts, t: LetterTexts): LetterSection {
  const items = policiesOf(facts).map((policy) => {
    const said = facts.controller.policies[policy];
    const law = said?.floorLaw ? ` ${fill(t.storage.law, { law: said.floorLaw })}` : "";
    return `${fill(t.storage.of, { policy, words: sentence(said?.retentionWords ?? daysOf(facts, policy, t)) })}${law}`;
  });
  return { heading: cited(t.storage.heading, t.laws[facts.regime].storage), paragraphs: [], items };
}

const sentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

function daysOf(facts: LetterFacts, policy: string, t: LetterTexts): string {
  const stored = storedOf(facts, policy);
  if (!stored) return fill(t.storage.unsaid, { contact: facts.controller.contact });
  const { floorDays: floor, ceilingDays: ceiling } = stored;
  return ceiling === null ? fill(t.storage.floorOnly, { floor }) : fill(t.storage.days, { floor, ceiling });
}
