package dev.godwit.lambdalocal;

/**
 * What a function answered.
 *
 * @param isError whether it is an error, in Lambda's JSON
 * @param errorType the error's type as Step Functions sees it; empty if it is none
 * @param body the result, or the error
 */
public record Answer(boolean isError, String errorType, String body) {}
