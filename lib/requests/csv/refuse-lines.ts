import { AppError } from "../../errors.ts";

const mostTold = 50;

/** Every line that is wrong, as far as an answer has room. */
export function refuseLines(wrong: readonly [line: number, why: string][], of: number): AppError {
  const told = wrong.slice(0, mostTold);
  const more = wrong.length > told.length ? ` … and ${wrong.length - told.length} more` : "";
  const lines = told.map(([line, why]) => `line ${line}: ${why}`).join(". ");
  return new AppError(
    "BAD_INPUT",
    `${wrong.length} of ${of} cannot be taken, so nothing was. ${lines}${more}`,
    {
      fields: Object.fromEntries(told.map(([line, why]) => [`line ${line}`, why])),
    },
  );
}
