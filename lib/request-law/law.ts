import type { RequestKind } from "./kinds.ts";
import type { Regime } from "./regimes.ts";
import type { RequestState } from "./states.ts";

/** What an article demands, and where the product does it. */
export interface LawRow {
  law: string;
  /** What it says, in a few words. */
  says: string;
  /** States of a request that it shapes. */
  states: readonly RequestState[];
  /** Kinds of requests that it is about; null: all of them. */
  kinds: readonly RequestKind[] | null;
  /** Whose requests it is law for; where it says GDPR, for the United Kingdom the UK GDPR's article of that number. */
  regimes: readonly Regime[];
  /** What it does to the clock. */
  clock: string | null;
  /** Ids of the grounds that rest on it, without their regime. */
  grounds: readonly string[];
  /** Where people see it. */
  screen: string;
}

const requests = "Privacy → Requests";
const page = "the request's page";
const gdpr: readonly Regime[] = ["eu", "uk"];

/** Article → state, clock, ground, screen; docs/privacy.md shows it. Of the UK GDPR the same under its numbers. */
export const lawTable: readonly LawRow[] = [
  {
    law: "Art. 5(2), 30 GDPR",
    says: "Show that the law was kept",
    states: ["closed"],
    kinds: null,
    regimes: gdpr,
    clock: null,
    grounds: [],
    screen: `${page}, timeline and certificate`,
  },
  {
    law: "Art. 11(2) GDPR",
    says: "Where the controller shows that it cannot identify the person, Art. 15 to 20 do not apply",
    states: ["decision_pending", "refused"],
    kinds: null,
    regimes: gdpr,
    clock: null,
    grounds: ["11_2"],
    screen: `${page}, decision`,
  },
  {
    law: "Art. 12(1) GDPR",
    says: "Plain words, in writing",
    states: ["responding"],
    kinds: null,
    regimes: gdpr,
    clock: null,
    grounds: [],
    screen: `${page}, answer`,
  },
  {
    law: "Art. 12(3) GDPR",
    says: "Answer within one month; extend once to three, telling why within the first",
    states: ["received", "responding", "closed"],
    kinds: null,
    regimes: ["eu"],
    clock: "one month, three when extended, both from receipt",
    grounds: [],
    screen: `${requests}, board; ${page}, clock`,
  },
  {
    law: "Art. 12(4) GDPR",
    says: "A refusal says why, where to complain, and that a court may be asked; it comes within the month",
    states: ["decision_pending", "refused", "partly_refused"],
    kinds: null,
    regimes: gdpr,
    clock: "within the month",
    grounds: [],
    screen: `${page}, decision and answer`,
  },
  {
    law: "Art. 12(5) GDPR",
    says: "Manifestly unfounded or excessive: a fee, or a refusal",
    states: ["decision_pending", "refused"],
    kinds: null,
    regimes: gdpr,
    clock: null,
    grounds: ["12_5_a", "12_5_b_unfounded", "12_5_b_excessive"],
    screen: `${page}, decision`,
  },
  {
    law: "Art. 12(6) GDPR",
    says: "Ask for proof where it is doubtful who asks",
    states: ["identity_pending", "verified", "decision_pending", "refused"],
    kinds: null,
    regimes: gdpr,
    clock: "does not run until it is there",
    grounds: ["12_6"],
    screen: `${page}, identity`,
  },
  {
    law: "Recital 63 GDPR, EDPB 01/2022",
    says: "Where there is much data, ask what exactly is meant",
    states: ["received", "verified", "decision_pending"],
    kinds: ["access"],
    regimes: ["eu"],
    clock: "paused until it is answered",
    grounds: [],
    screen: `${page}, clarification`,
  },
  {
    law: "Reg. 1182/71 Art. 3",
    says: "The day of receipt does not count; a last day that is no working day moves to the next one",
    states: [],
    kinds: null,
    regimes: ["eu"],
    clock: "receipt day excluded; last day moved to the next working day of the controller",
    grounds: [],
    screen: `${page}, clock`,
  },
  {
    law: "Art. 15(1), (3) GDPR",
    says: "A copy of the data, and what is done with it",
    states: ["decision_pending", "executing", "responding"],
    kinds: ["access"],
    regimes: gdpr,
    clock: null,
    grounds: [],
    screen: `${page}, package`,
  },
  {
    law: "Art. 15(4) GDPR",
    says: "A copy must not harm the rights and freedoms of others",
    states: ["decision_pending", "partly_refused", "executing"],
    kinds: ["access"],
    regimes: gdpr,
    clock: null,
    grounds: ["15_4"],
    screen: `${page}, decision`,
  },
  {
    law: "Art. 17(1) GDPR",
    says: "Erase without undue delay",
    states: ["decision_pending", "executing", "verifying"],
    kinds: ["erasure"],
    regimes: gdpr,
    clock: null,
    grounds: [],
    screen: `${page}, execution`,
  },
  {
    law: "Art. 17(3) GDPR",
    says: "What a legal duty, a legal claim or the public interest requires is kept",
    states: ["decision_pending", "partly_refused", "blocked_by_hold"],
    kinds: ["erasure"],
    regimes: gdpr,
    clock: null,
    grounds: ["17_3_a", "17_3_b", "17_3_c", "17_3_d", "17_3_e"],
    screen: `${page}, decision; Privacy → Holds`,
  },
  {
    law: "Art. 20 GDPR",
    says: "What came from the person, under consent or contract, in a machine-readable form",
    states: ["decision_pending", "partly_refused", "executing", "responding"],
    kinds: ["portability"],
    regimes: gdpr,
    clock: null,
    grounds: ["20_1", "20_3", "20_4"],
    screen: `${page}, package`,
  },
  {
    law: "Art. 23 GDPR",
    says: "A law of the Union or of a member state may restrict these rights",
    states: ["decision_pending", "refused", "partly_refused"],
    kinds: null,
    regimes: ["eu"],
    clock: null,
    grounds: ["23"],
    screen: `${page}, decision`,
  },
  {
    law: "Art. 12A UK GDPR",
    says: "Answer within one month from the latest of receipt, identity and fee; extend once to three, telling why within the first",
    states: ["received", "identity_pending", "verified", "decision_pending", "responding", "closed"],
    kinds: null,
    regimes: ["uk"],
    clock: "begins with the latest of them; paused while the person says what is meant",
    grounds: [],
    screen: `${page}, clock`,
  },
  {
    law: "Schedules 2 to 4 DPA 2018",
    says: "Exemptions from these rights",
    states: ["decision_pending", "refused", "partly_refused"],
    kinds: null,
    regimes: ["uk"],
    clock: null,
    grounds: ["exemption"],
    screen: `${page}, decision`,
  },
  {
    law: "Cal. Civ. Code § 1798.110, § 1798.130(a)(3)",
    says: "A copy of what was collected, in a form that can be taken elsewhere",
    states: ["decision_pending", "executing", "responding"],
    kinds: ["access", "portability"],
    regimes: ["california"],
    clock: null,
    grounds: [],
    screen: `${page}, package`,
  },
  {
    law: "Cal. Civ. Code § 1798.105(a), (c)",
    says: "Delete what was collected from the person",
    states: ["decision_pending", "executing", "verifying"],
    kinds: ["erasure"],
    regimes: ["california"],
    clock: null,
    grounds: [],
    screen: `${page}, execution`,
  },
  {
    law: "Cal. Civ. Code § 1798.105(d), § 1798.145",
    says: "What a business need not hand out or delete",
    states: ["decision_pending", "refused", "partly_refused"],
    kinds: null,
    regimes: ["california"],
    clock: null,
    grounds: ["unfounded", "others", "transaction", "security", "speech", "research", "obligation", "claims"],
    screen: `${page}, decision`,
  },
  {
    law: "Cal. Civ. Code § 1798.130(a)(2), (b)",
    says: "45 days, once 45 more, verified or not; twice in twelve months",
    states: ["received", "decision_pending", "closed"],
    kinds: null,
    regimes: ["california"],
    clock: "45 calendar days, 90 when extended; never paused",
    grounds: ["twice"],
    screen: `${page}, clock`,
  },
  {
    law: "11 CCR § 7021, § 7060",
    says: "Acknowledge receipt; answer only who is verified",
    states: ["received", "identity_pending", "decision_pending"],
    kinds: null,
    regimes: ["california"],
    clock: "acknowledge within 10 business days",
    grounds: ["not_verifiable"],
    screen: `${page}, clock`,
  },
];

/** The table as docs/privacy.md shows it. */
export function lawTableText(rows: readonly LawRow[] = lawTable): string {
  const none = (text: string) => (text === "" ? "–" : text);
  const lines = rows.map(({ law, says, states, clock, grounds, screen }) => {
    const cells = [
      `${law}: ${says}`,
      none(states.map((state) => `\`${state}\``).join(", ")),
      none(clock ?? ""),
      none(grounds.map((ground) => `\`${ground}\``).join(", ")),
      screen,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| article | state | clock | ground | screen |", "| --- | --- | --- | --- | --- |", ...lines].join(
    "\n",
  );
}
