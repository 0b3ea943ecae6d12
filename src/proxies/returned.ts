/** A class that extends this one installs its private fields on `object`: they cannot be seen, forged, or copied. */
export class Returned {
  constructor(object: object) {
    return object;
  }
}
