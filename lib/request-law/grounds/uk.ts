import { euGrounds } from "./eu.ts";
import type { RefusalGround } from "./ground.ts";

/** The UK GDPR has the articles of the GDPR under their numbers; what restricts rights are schedules of the Act. */
export const ukGrounds: readonly RefusalGround[] = [
  ...euGrounds.filter(({ id }) => id !== "eu_23").map(asOfUk),
  {
    id: "uk_exemption",
    law: "Schedules 2 to 4 DPA 2018",
    title: "An exemption of the Data Protection Act applies",
    kinds: ["access", "portability", "erasure"],
    whole: true,
    words: {
      en: "An exemption in Schedules 2 to 4 of the Data Protection Act 2018 applies here.",
      de: "Hier gilt eine Ausnahme der Anhänge 2 bis 4 des Data Protection Act 2018.",
    },
  },
];

function asOfUk({ id, law, words, ...ground }: RefusalGround): RefusalGround {
  return {
    ...ground,
    id: id.replace("eu_", "uk_"),
    law: law.replace("GDPR", "UK GDPR"),
    words: {
      en: words.en.replaceAll("GDPR", "UK GDPR"),
      de: words.de.replaceAll("DSGVO", "UK-DSGVO"),
    },
  };
}
