import type { LetterLanguage } from "../../../request-law/grounds/ground.ts";
import german from "./texts/de.json" with { type: "json" };
import english from "./texts/en.json" with { type: "json" };

/** What letters are made of, by language. A further one is a file and a line here. */
export type LetterTexts = typeof english;
const texts: Record<LetterLanguage, LetterTexts> = { en: english, de: german };

/** What the law of a regime says in a letter: what is cited where, and which rights the person has. */
export type LetterLaw = LetterTexts["laws"]["eu"];

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

/** With what says so in brackets, where the regime has a law that does. */
export const cited = (text: string, law: string): string => (law === "" ? text : `${text} (${law})`);
