import type { RefusalGround } from "./ground.ts";

const all = ["access", "portability", "erasure"] as const;

/** Of the GDPR. */
export const euGrounds: readonly RefusalGround[] = [
  {
    id: "eu_11_2",
    law: "Art. 11(2) GDPR",
    title: "The person cannot be identified in the data",
    kinds: all,
    whole: true,
    words: {
      en: "We cannot tell which of our data is about you (Art. 11(2) GDPR). If you give us further information by which it can be found, we will look again.",
      de: "Wir können nicht feststellen, welche unserer Daten Sie betreffen (Art. 11 Abs. 2 DSGVO). Wenn Sie uns weitere Angaben machen, mit denen sie zu finden sind, prüfen wir erneut.",
    },
  },
  {
    id: "eu_12_6",
    law: "Art. 12(6) GDPR",
    title: "Identity was asked for and not proven",
    kinds: all,
    whole: true,
    words: {
      en: "We had reasonable doubts about who is asking, and the proof of identity that we asked for did not reach us or did not settle them (Art. 12(6) GDPR).",
      de: "Wir hatten begründete Zweifel, wer die Anfrage stellt, und der erbetene Nachweis der Identität ist nicht eingegangen oder hat sie nicht ausgeräumt (Art. 12 Abs. 6 DSGVO).",
    },
  },
  {
    id: "eu_12_5_a",
    law: "Art. 12(5)(a) GDPR",
    title: "Manifestly unfounded or excessive: the fee was not paid",
    kinds: all,
    whole: true,
    words: {
      en: "The request is manifestly unfounded or excessive. We asked for a reasonable fee for carrying it out, and it was not paid (Art. 12(5)(a) GDPR).",
      de: "Die Anfrage ist offenkundig unbegründet oder exzessiv. Das angemessene Entgelt, das wir für die Bearbeitung verlangt haben, wurde nicht gezahlt (Art. 12 Abs. 5 lit. a DSGVO).",
    },
  },
  {
    id: "eu_12_5_b_unfounded",
    law: "Art. 12(5)(b) GDPR",
    title: "Manifestly unfounded",
    kinds: all,
    whole: true,
    words: {
      en: "We do not act on the request because it is manifestly unfounded (Art. 12(5)(b) GDPR).",
      de: "Wir werden auf die Anfrage nicht tätig, weil sie offenkundig unbegründet ist (Art. 12 Abs. 5 lit. b DSGVO).",
    },
  },
  {
    id: "eu_12_5_b_excessive",
    law: "Art. 12(5)(b) GDPR",
    title: "Excessive, in particular repeated",
    kinds: all,
    whole: true,
    words: {
      en: "We do not act on the request because it is excessive, in particular since it repeats an earlier one (Art. 12(5)(b) GDPR).",
      de: "Wir werden auf die Anfrage nicht tätig, weil sie exzessiv ist, insbesondere weil sie eine frühere wiederholt (Art. 12 Abs. 5 lit. b DSGVO).",
    },
  },
  {
    id: "eu_15_4",
    law: "Art. 15(4) GDPR",
    title: "Rights and freedoms of others",
    kinds: ["access"],
    whole: false,
    words: {
      en: "This part is not handed out because it would adversely affect the rights and freedoms of others (Art. 15(4) GDPR).",
      de: "Dieser Teil wird nicht herausgegeben, weil dies die Rechte und Freiheiten anderer Personen beeinträchtigen würde (Art. 15 Abs. 4 DSGVO).",
    },
  },
  {
    id: "eu_17_3_a",
    law: "Art. 17(3)(a) GDPR",
    title: "Freedom of expression and information",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because processing it is necessary for exercising the right of freedom of expression and information (Art. 17(3)(a) GDPR).",
      de: "Dieser Teil bleibt gespeichert, weil die Verarbeitung zur Ausübung des Rechts auf freie Meinungsäußerung und Information erforderlich ist (Art. 17 Abs. 3 lit. a DSGVO).",
    },
  },
  {
    id: "eu_17_3_b",
    law: "Art. 17(3)(b) GDPR",
    title: "A law commands to keep it, or a public task",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because a law obliges us to keep it, or a task in the public interest requires it (Art. 17(3)(b) GDPR). It is erased once that has ended.",
      de: "Dieser Teil bleibt gespeichert, weil wir gesetzlich dazu verpflichtet sind oder eine Aufgabe im öffentlichen Interesse es erfordert (Art. 17 Abs. 3 lit. b DSGVO). Er wird gelöscht, sobald das endet.",
    },
  },
  {
    id: "eu_17_3_c",
    law: "Art. 17(3)(c) GDPR",
    title: "Public interest in public health",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept for reasons of public interest in the area of public health (Art. 17(3)(c) GDPR).",
      de: "Dieser Teil bleibt aus Gründen des öffentlichen Interesses im Bereich der öffentlichen Gesundheit gespeichert (Art. 17 Abs. 3 lit. c DSGVO).",
    },
  },
  {
    id: "eu_17_3_d",
    law: "Art. 17(3)(d) GDPR",
    title: "Archiving, research, statistics",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept for archiving in the public interest, research or statistics, which erasing it would seriously impair (Art. 17(3)(d) GDPR).",
      de: "Dieser Teil bleibt für im öffentlichen Interesse liegende Archivzwecke, Forschung oder Statistik gespeichert, die seine Löschung ernsthaft beeinträchtigen würde (Art. 17 Abs. 3 lit. d DSGVO).",
    },
  },
  {
    id: "eu_17_3_e",
    law: "Art. 17(3)(e) GDPR",
    title: "Legal claims, such as a legal hold",
    kinds: ["erasure"],
    whole: false,
    words: {
      en: "This part is kept because it is necessary for the establishment, exercise or defence of legal claims (Art. 17(3)(e) GDPR). It is erased once that has ended.",
      de: "Dieser Teil bleibt gespeichert, weil er zur Geltendmachung, Ausübung oder Verteidigung von Rechtsansprüchen erforderlich ist (Art. 17 Abs. 3 lit. e DSGVO). Er wird gelöscht, sobald das endet.",
    },
  },
  {
    id: "eu_20_1",
    law: "Art. 20(1) GDPR",
    title: "Neither by consent nor for a contract, or not provided by the person",
    kinds: ["portability"],
    whole: false,
    words: {
      en: "This part is not handed over for portability because it is processed neither by your consent nor for a contract with you, or did not come from you (Art. 20(1) GDPR). You may ask for access to it.",
      de: "Dieser Teil wird nicht übertragen, weil er weder aufgrund Ihrer Einwilligung noch für einen Vertrag mit Ihnen verarbeitet wird oder nicht von Ihnen stammt (Art. 20 Abs. 1 DSGVO). Sie können Auskunft darüber verlangen.",
    },
  },
  {
    id: "eu_20_3",
    law: "Art. 20(3) GDPR",
    title: "A task in the public interest or official authority",
    kinds: ["portability"],
    whole: false,
    words: {
      en: "This part is not handed over for portability because it is processed for a task in the public interest or in the exercise of official authority (Art. 20(3) GDPR).",
      de: "Dieser Teil wird nicht übertragen, weil er für eine Aufgabe im öffentlichen Interesse oder in Ausübung öffentlicher Gewalt verarbeitet wird (Art. 20 Abs. 3 DSGVO).",
    },
  },
  {
    id: "eu_20_4",
    law: "Art. 20(4) GDPR",
    title: "Rights and freedoms of others",
    kinds: ["portability"],
    whole: false,
    words: {
      en: "This part is not handed over for portability because it would adversely affect the rights and freedoms of others (Art. 20(4) GDPR).",
      de: "Dieser Teil wird nicht übertragen, weil dies die Rechte und Freiheiten anderer Personen beeinträchtigen würde (Art. 20 Abs. 4 DSGVO).",
    },
  },
  {
    id: "eu_23",
    law: "Art. 23 GDPR",
    title: "A law of the Union or the member state restricts the right",
    kinds: all,
    whole: true,
    words: {
      en: "A law of the Union or of the member state restricts this right here (Art. 23 GDPR).",
      de: "Eine Rechtsvorschrift der Union oder des Mitgliedstaats beschränkt dieses Recht hier (Art. 23 DSGVO).",
    },
  },
];
