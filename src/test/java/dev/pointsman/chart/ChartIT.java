package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.golden.GoldenFile;
import dev.pointsman.model.KubeLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

