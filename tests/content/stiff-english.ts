/** English that nobody speaks any more (docs/voice.md, "English"). */
export const stiffEnglish =
  /\b(?:whom|for want of|seldom|for it owns|obviously|simply|as it were|ought to|the former|which is to say|anew)\b/i;
