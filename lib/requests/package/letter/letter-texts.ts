import type { LetterLanguage } from "../../../request-law/grounds/ground.ts";
import german from "./texts/de.json" with { type: "json" };
import english from "./texts/en.json" with { type: "json" };

/** What letters are made of, by language. A further one is a file and a line here. */
export type LetterTexts = typeof english;
const texts: Record<LetterLanguage, LetterTexts> = { en: english, de: german };

/** The texts of a language, English where there are none of it. */
export const letterTexts = (language: string): LetterTexts =>
  Object.hasOwn(texts, language) ? texts[language as LetterLanguage] : english;

/** Puts values in the places of a text: `{name}`. @throws Error for a place that nothing is given for */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is given for {${name}}`);
    return String(value);
  });
}
