import type { RequestPerson } from "../requests/sealed.ts";

/** People of the demo who ask for something: invented, as their names say, and nobody's customers. */
export interface Asking {
  person: RequestPerson;
  /** By which events name them. */
  id: string;
}

const asking = (id: string, name: string, mail: string, letter: string): Asking => ({
  id,
  person: {
    identifiers: [
      { kind: "id", value: id },
      { kind: "email", value: mail },
    ],
    name,
    contact: mail,
    letter,
  },
});

export const erika = asking(
  "sub_demo_erika",
  "Erika Mustermann",
  "erika.mustermann@mail.example",
  "Guten Tag, bitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben.",
);
export const otto = asking(
  "sub_demo_otto",
  "Otto Beispiel",
  "otto.beispiel@mail.example",
  "Bitte löschen Sie alles, was Sie über mich haben, zum vierten Mal in diesem Monat.",
);
export const jane = asking(
  "sub_demo_jane",
  "Jane Sample",
  "jane.sample@mail.example",
  "Please send me a copy of my data. I was with you for many years and in many places.",
);
export const jean = asking(
  "sub_demo_jean",
  "Jean Exemple",
  "jean.exemple@mail.example",
  "I am moving to another provider and would like to take my data with me.",
);

export const everybodyAsking = [erika, otto, jane, jean];
