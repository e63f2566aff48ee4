/** What the notes' window asks of the stage in its frame, the same as a key would: the event's name. */
export const commandEvent = 'port-dojo:stage-command';
