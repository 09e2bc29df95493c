package dev.pointsman.cli;

import dev.pointsman.config.EdsTransportKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spells the transports as Envoy does, with a dash. */
final class EdsTransportConverter implements ITypeConverter<EdsTransportKind> {
  @Override
  public EdsTransportKind convert(String text) {
    return switch (text) {
      case "envoy-grpc" -> EdsTransportKind.ENVOY_GRPC;
      case "google-grpc" -> EdsTransportKind.GOOGLE_GRPC;
      default ->
        throw new TypeConversionException("\"" + text + "\" is neither envoy-grpc nor google-grpc");
    };
  }
}
