import { nameRelation, quoteIdentifier } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { type Adoption, named } from "./adoption.ts";

/** What comes along with an attach and is easily missed. */
export function tellAdoption(
  { child, parent, cut, mends }: Adoption,
  { strays, inDefault, spared }: { strays: string | null; inDefault: string | null; spared: string[] },
): string[] {
  const extra = child.triggers.filter(({ name }) => !parent.triggers.some((above) => above.name === name));
  const read =
    inDefault === null
      ? "and refuses if it holds rows of this stretch"
      : "which holds no row of this stretch";
  return [
    ...mends.map(mendWords),
    ...(strays === null
      ? [
          "Whether rows lie outside the bounds could not be counted beforehand: validating the CHECK tells, and then nothing is attached.",
        ]
      : []),
    ...(extra.length > 0
      ? [`${counted(extra.length, "trigger")} of its own stay: ${extra.map(({ name }) => name).join(", ")}.`]
      : []),
    ...(cut.default && spared.length === 0
      ? [
          `ATTACH reads the default partition ${named(cut.default)} under its lock, ${read}. Readers and writers of ${nameRelation(cut.default)} wait meanwhile.`,
        ]
      : []),
    ...spared,
    `From then on its rows show in ${nameRelation(parent)}.`,
  ];
}

function mendWords(mend: Adoption["mends"][number]): string {
  switch (mend.is) {
    case "owner":
      return `It is given to ${mend.to}, the owner of the table.`;
    case "column":
      return `It lacks column ${quoteIdentifier(mend.column.name)}: it is added, NULL in the rows that are there.`;
    case "not null":
      return `Column ${quoteIdentifier(mend.name)} may be null and may not in the table: a CHECK is validated first, then it is set NOT NULL without a scan.`;
  }
}
