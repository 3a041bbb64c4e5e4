/** The path of a resource of one target. */
export const ofTarget = (rest: string) => `/api/v1/targets/{target}/${rest}`;
