package dev.pointsman.model;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Settings for the pools' endpoint pickers ({@code spec.endpointPicker} of an InferencePolicy).
 *
 * @param failureMode replaces the pool's
 * @param idleTimeoutMillis the time that a picker (and the model server after it) may be silent
 * @param maxConcurrentRequests streams to the picker at a time
 * @param health the gRPC health service that says which replicas to ask; empty: every replica that answers is asked
 * @param mayEnd the time from which on a picker may end its stream
 */
public record PickerSpec(
    Optional<FailureMode> failureMode,
    OptionalLong idleTimeoutMillis,
    OptionalInt maxConcurrentRequests,
    TlsSpec tls,
    Optional<PickerHealth> health,
    PickerEnd mayEnd) {}
