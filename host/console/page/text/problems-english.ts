export const problemsEnglish = {};
