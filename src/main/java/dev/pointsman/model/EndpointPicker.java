package dev.pointsman.model;

/** The ext_proc server that chooses a pool's endpoint for each request (GIE's endpoint picker, EPP). */
public record EndpointPicker(ServicePort service, FailureMode failureMode) {}
