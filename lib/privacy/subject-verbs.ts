import { allowRestricted } from "./allow-restricted.ts";
import { erasePolicy } from "./erase-policy.ts";
import { liftRestriction } from "./lift-restriction.ts";
import { restrictSubject } from "./restrict-subject.ts";
import { viewSubject } from "./view-subject.ts";

/** What is done about one person, by the id that the application has for them. */
export const subjectVerbs = { allowRestricted, erasePolicy, liftRestriction, restrictSubject, viewSubject };
