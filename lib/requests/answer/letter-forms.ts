/** Of the answer to a person, by the form they get it in. */
export const letterTypes = { pdf: "application/pdf", html: "text/html" } as const;
export type LetterForm = keyof typeof letterTypes;
export const letterForms = Object.keys(letterTypes) as LetterForm[];
