export const problemsChinese = {};
