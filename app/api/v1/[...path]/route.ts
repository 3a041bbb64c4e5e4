import { thrownProblem } from "@/lib/api/problem";
import { AppError } from "@/lib/errors";

/** Whatever is no resource of the API is a problem like any other, not a page. */
function answer(): Response {
  return thrownProblem(
    new AppError("NOT_FOUND", "There is no such resource.", { hint: "See /api/v1/openapi.json." }),
  );
}

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
