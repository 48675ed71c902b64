/**
 * Port: 人脸识别, whether the person before the phone's camera is the one who is named. The service shows its own page to the
 * person and signs what came of it; the signature is what counts, whoever brings it.
 */
export interface FaceCheckRequest {
  name: string;
  idNumber: string;
  /** What is confirmed by it, as the person reads it on the service's page. */
  purpose: string;
  /** Names the thing that is confirmed: a result for another one is refused. */
  about: string;
  /** Of this request alone: a result with another one is refused. 32 characters or more. */
  nonce: string;
  /** Where the service's page leads to when it is done. */
  returnUrl: string;
}

export type FaceOutcome = 'pending' | 'passed' | 'failed';

export interface FaceCheck {
  /** `url`: the service's page for the person. Throws SERVICE_UNREACHABLE. */
  begin(request: FaceCheckRequest): Promise<{ checkId: string; url: string }>;
  /**
   * What came of it. Throws FACE_RESULT_REFUSED where the result is not signed by the service, or is of another person, thing
   * or nonce; SERVICE_UNREACHABLE.
   */
  resultOf(
    checkId: string,
    asked: Pick<FaceCheckRequest, 'idNumber' | 'about' | 'nonce'>,
  ): Promise<FaceOutcome>;
}
