import type { RefusalGround } from "./ground.ts";

const all = ["access", "portability", "erasure"] as const;
const given = ["access", "portability"] as const;

/** Of the California Consumer Privacy Act as amended by the CPRA. */
export const californiaGrounds: readonly RefusalGround[] = [
  {
    id: "ca_not_verifiable",
    law: "11 CCR § 7060(c), § 7061; Civ. Code § 1798.145(j)",
    title: "The request cannot be verified",
    kinds: all,
    whole: true,
    words: {
      en: "We could not verify that the request comes from you or somebody you authorized (11 CCR § 7060).",
      de: "Wir konnten nicht bestätigen, dass die Anfrage von Ihnen oder einer bevollmächtigten Person kommt (11 CCR § 7060).",
    },
  },
  {
    id: "ca_unfounded",
    law: "Civ. Code § 1798.145(h)(3)",
    title: "Manifestly unfounded or excessive",
    kinds: all,
    whole: true,
    words: {
      en: "We do not act on the request because it is manifestly unfounded or excessive, in particular since it is repetitive (Civ. Code § 1798.145(h)(3)).",
      de: "Wir werden auf die Anfrage nicht tätig, weil sie offenkundig unbegründet oder exzessiv ist, insbesondere weil sie sich wiederholt (Civ. Code § 1798.145(h)(3)).",
    },
  },
  {
    id: "ca_twice",
    law: "Civ. Code § 1798.130(b)",
    title: "More than twice in twelve months",
    kinds: given,
    whole: true,
    words: {
      en: "We have answered two such requests of yours within twelve months, and need not answer a third (Civ. Code § 1798.130(b)).",
      de: "Wir haben innerhalb von zwölf Monaten bereits zwei solche Anfragen von Ihnen beantwortet (Civ. Code § 1798.130(b)).",
    },
  },
  {
    id: "ca_others",
    law: "Civ. Code § 1798.145(k)",
    title: "Rights and freedoms of others",
    kinds: all,
    whole: false,
    words: {
      en: "This part is left out because it would adversely affect the rights and freedoms of others (Civ. Code § 1798.145(k)).",
      de: "Dieser Teil bleibt ausgenommen, weil sonst die Rechte und Freiheiten anderer Personen beeinträchtigt würden (Civ. Code § 1798.145(k)).",
    },
  },
  {
    id: "ca_transaction",
    law: "Civ. Code § 1798.105(d)(1)",
    title: "Needed for the transaction or contract",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because it is reasonably necessary to complete a transaction or perform a contract with you (Civ. Code § 1798.105(d)(1)).",
      de: "Dieser Teil bleibt gespeichert, weil er für ein Geschäft oder einen Vertrag mit Ihnen nötig ist (Civ. Code § 1798.105(d)(1)).",
    },
  },
  {
    id: "ca_security",
    law: "Civ. Code § 1798.105(d)(2), (3)",
    title: "Security, integrity and repair",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because it helps to ensure security and integrity, or to find and repair errors (Civ. Code § 1798.105(d)(2), (3)).",
      de: "Dieser Teil bleibt gespeichert, weil er der Sicherheit und Integrität oder der Fehlersuche dient (Civ. Code § 1798.105(d)(2), (3)).",
    },
  },
  {
    id: "ca_speech",
    law: "Civ. Code § 1798.105(d)(4)",
    title: "Free speech",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept for the exercise of free speech (Civ. Code § 1798.105(d)(4)).",
      de: "Dieser Teil bleibt für die Ausübung der Redefreiheit gespeichert (Civ. Code § 1798.105(d)(4)).",
    },
  },
  {
    id: "ca_research",
    law: "Civ. Code § 1798.105(d)(6)",
    title: "Research",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept for public or peer-reviewed research that erasing it would seriously impair (Civ. Code § 1798.105(d)(6)).",
      de: "Dieser Teil bleibt für öffentliche oder begutachtete Forschung gespeichert, die seine Löschung ernsthaft beeinträchtigen würde (Civ. Code § 1798.105(d)(6)).",
    },
  },
  {
    id: "ca_obligation",
    law: "Civ. Code § 1798.105(d)(8), § 1798.145(a)(1)",
    title: "A law commands to keep it",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because a law obliges us to keep it (Civ. Code § 1798.105(d)(8)).",
      de: "Dieser Teil bleibt gespeichert, weil wir gesetzlich dazu verpflichtet sind (Civ. Code § 1798.105(d)(8)).",
    },
  },
  {
    id: "ca_claims",
    law: "Civ. Code § 1798.145(a)(1)",
    title: "Legal claims, such as a legal hold",
    kinds: all,
    whole: false,
    words: {
      en: "This part is left as it is because we need it to exercise or defend legal claims (Civ. Code § 1798.145(a)(1)).",
      de: "Dieser Teil bleibt unberührt, weil wir ihn zur Ausübung oder Verteidigung von Rechtsansprüchen benötigen (Civ. Code § 1798.145(a)(1)).",
    },
  },
];
