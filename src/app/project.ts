/**
 * The application's name on the platform: the software module whose versions it reports and whose
 * packages it installs. The version itself stands in the image (`npm run pack`).
 * @module
 */

export const PROJECT_NAME = "QuecPython-Tracker";
