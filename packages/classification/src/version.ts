/**
 * Version of the rules: scanning, cues, features. A model holds weights of the features that these
 * rules make, so one built for other rules is refused.
 */
export const rulesVersion = '8';
