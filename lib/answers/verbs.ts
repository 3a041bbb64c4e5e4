import { dropAnswers } from "./drop-answers.ts";

export const answersVerbs = { dropAnswers };
