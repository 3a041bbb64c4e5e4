import { erasePolicy } from "../erasure/erase-policy.ts";
import { allowRestricted } from "../restriction/allow-restricted.ts";
import { liftRestriction } from "../restriction/lift-restriction.ts";
import { restrictSubject } from "../restriction/restrict-subject.ts";
import { viewSubject } from "./view-subject.ts";

/** What is done about one person, by the id that the application has for them. */
export const subjectVerbs = { allowRestricted, erasePolicy, liftRestriction, restrictSubject, viewSubject };
