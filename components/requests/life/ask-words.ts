import type { Regime } from "@/lib/request-law/regimes.ts";

interface AskWords {
  identity: { law: string; clock: string; done: string };
  clarification: { law: string; clock: string; done: string; goesOn: string; given: string };
  fee: { law: string; clock: string; paid: string };
}

const pausedForWords = {
  clock: "The clock is paused until they answer, or until you go on without.",
  done: "Recorded: the clock is paused while they clarify",
  goesOn: "The clock runs on from now; the due day moves by the days that it was paused.",
  given: "Recorded: the clock runs on",
};

/** What each law says of asking the person something, and what that does to its clock (lib/request-law/clock-rules). */
export const byRegime: Record<Regime, AskWords> = {
  eu: {
    identity: {
      law: " (Art. 12(6))",
      clock: "The clock is paused until you record what you saw.",
      done: "The clock is paused until identity is confirmed",
    },
    clarification: { law: " (Recital 63)", ...pausedForWords },
    fee: {
      law: " (Art. 12(5)(a))",
      clock: "The clock runs on meanwhile.",
      paid: "The clock has run on meanwhile.",
    },
  },
  uk: {
    identity: {
      law: " (Art. 12(6))",
      clock: "The month begins with the day on which identity is confirmed (Art. 12A).",
      done: "The month begins once identity is confirmed",
    },
    clarification: { law: " (Art. 12A)", ...pausedForWords },
    fee: {
      law: " (Art. 12(5)(a))",
      clock: "The month begins with the day on which it is paid (Art. 12A).",
      paid: "The month begins with it (Art. 12A).",
    },
  },
  california: {
    identity: {
      law: " (11 CCR § 7060)",
      clock: "The 45 days run on meanwhile.",
      done: "Recorded: the 45 days run on",
    },
    clarification: {
      law: "",
      clock: "The 45 days run on meanwhile.",
      done: "Recorded: the 45 days run on",
      goesOn: "The 45 days have run on meanwhile.",
      given: "Recorded",
    },
    fee: {
      law: " (Cal. Civ. Code § 1798.145(h)(3))",
      clock: "The 45 days run on meanwhile.",
      paid: "The 45 days have run on meanwhile.",
    },
  },
};
