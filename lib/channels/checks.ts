import { checkChannels } from "./check-channels.ts";

export const channelsChecks = [checkChannels];
